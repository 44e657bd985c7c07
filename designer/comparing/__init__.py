"""The open network beside another: what is new, gone or changed, with counts and maps side by side."""
