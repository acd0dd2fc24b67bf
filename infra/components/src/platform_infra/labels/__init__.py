"""Who owns a cloud object and who pays for it, written on the object itself."""
