/**
 * Other people's training, for {@code ./lanewise bench training}; compiled only with the Maven profile
 * {@code peers-training}.
 */
package io.lanewise.bench.training.peers;
