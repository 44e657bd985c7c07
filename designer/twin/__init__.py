"""The fully connected twin: a picture, a table, and the panel that holds both."""
