package io.lanewise.kernel;

/**
 * Memory that a kernel uses during one call. It holds no result between calls, but may refer to the arrays of the last ones, so
 * that they are not garbage before it is. Made by {@link Kernels#scratchpad}; one thread at a time. Only the backend that
 * made it can use it.
 */
public interface Scratchpad {}
