package io.lanewise.kernel;

/**
 * Memory that a kernel uses during one call and that holds nothing between calls. Made by
 * {@link Kernels#scratchpad}; one thread at a time. Only the backend that made it can use it.
 */
public interface Scratchpad {}
