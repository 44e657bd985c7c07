"""Layered drawing after Sugiyama: ranks, then the order within each rank, then coordinates."""
