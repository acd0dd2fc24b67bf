"""Taking over what exists already: import files for Pulumi, with the ids that the providers know objects by."""
