/** {@code ./lanewise bench math}: the functions of one float against the Vector API's own. */
@org.jspecify.annotations.NullMarked
package io.lanewise.bench.math;
