"""Where plans are carried out: a folder of files for now."""
