package io.lanewise.kernel;

/**
 * Memory that a kernel uses during one call and that holds nothing between calls, but maybe references to small arrays of
 * earlier ones (64 KiB or less). Made by {@link Kernels#scratchpad}; one thread at a time, and two that share a team not at the
 * same time. Only the backend that made it can use it.
 */
public interface Scratchpad {}
