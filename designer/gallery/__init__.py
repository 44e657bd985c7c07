"""The gallery of templates: networks to begin with, each with a picture that is drawn from its document."""
