"""The fast forward pass of one image: a planner, kernels, and a runner.

`rules` says which kernel computes a layer of given shapes; `steps` puts the layers in order, `rings` puts zeros around
the maps that padded convolutions read, and `layout` gives every map its place; `plan` cuts every layer's output into
regions for two threads and into blocks for the cache, and says where the threads have to wait for each other. `frame`
binds a plan to memory and weights, as lists of numpy calls; `runner` goes through those lists, and `executable` keeps
all of it for the next run; `taken_over` finds the maps of an earlier run. `team` is the two threads; `memory` lends
memory to maps and takes it back when nobody holds them any more.
"""
