"""Pure array functions: no layer and no graph in sight, ``(N, C, H, W)`` float32 in and out."""
