"""The panels around the canvas: palette, inspector, problems, scores, the loaded image, and the totals."""
