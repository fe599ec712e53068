"""HTML pages that ask nobody for anything: head, policy and scripts, and the file of plotly.js."""
