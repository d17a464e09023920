package io.lanewise.bench.contest;

import org.jspecify.annotations.Nullable;

/**
 * A contestant, as a fork tells of it.
 *
 * @param name the heading of its column
 * @param role what it stands for
 * @param about its version and the code that it chose
 * @param fault why it does not take part, or null
 */
public record Entrant(
        String name, Role role, String about, @Nullable String fault) {}
