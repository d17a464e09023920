/** The fixed set of work whose bits are the same everywhere, and what proves it: {@code lanewise verify-bits}. */
package io.lanewise.verify;
