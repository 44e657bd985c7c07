"""The kernel editor: pictures of all kernels of a layer, one of them as a grid to paint on, and tools."""
