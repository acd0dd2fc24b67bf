"""Four ways to build a pipeline, each real, each with a word on when to choose it and when not."""
