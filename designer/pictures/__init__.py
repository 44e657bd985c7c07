"""Pictures of a network for papers and slides: the canvas as it looks, or its volumes drawn to scale."""
