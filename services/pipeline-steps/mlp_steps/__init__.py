"""The platform's own pipeline steps."""
