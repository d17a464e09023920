/**
 * Other people's inference, for {@code ./lanewise bench inference}; compiled only with the Maven profile
 * {@code peers-inference}. Each is given its best case: the input is in the library's own memory before a call, the
 * output stays there, and neither is copied.
 */
package io.lanewise.bench.inference.peers;
