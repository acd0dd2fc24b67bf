"""Tables that other domains receive: a file for each period, in the receiver's landing place."""
