/**
 * Other people's matrix products, for {@code ./lanewise bench gemm}; compiled only with the Maven profile
 * {@code peers}.
 */
package io.lanewise.bench.peers;
