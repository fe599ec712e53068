"""The other forms of a weekly report: mail, chat, Markdown, PDF and a picture of its headline."""
