package dev.ebb.proxy.stream;

/// The upstream leg: where the request goes. Its head was handed over when the stream was opened.
public interface ClientStream extends StreamWriter {}
