"""Running notebooks, publishing what they wrote, and making every report that is due."""
