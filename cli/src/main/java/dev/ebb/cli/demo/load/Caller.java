package dev.ebb.cli.demo.load;

/// One client of the service: its name in the records, and its way there.
public record Caller(String name, Route route) {}
