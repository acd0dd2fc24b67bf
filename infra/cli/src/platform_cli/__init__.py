"""The operator's commands: `platform <command>`, each in a file of `platform_cli.commands`."""
