/** How sessions find out that what they run is compiled. Not exported. */
package io.lanewise.warmup;
