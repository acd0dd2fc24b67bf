"""The commands, a file for each: it reads like the sentence that it performs."""
