package io.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lanewise.kernel.Backends;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.PackedMatrix;
import io.lanewise.kernel.Scratchpad;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * C2 of Java 25 keeps the tiles of the large products in registers: in the machine code of their micro-kernels, no vector
 * goes to the stack or comes from it between the first and the last fused multiply-add. One that does halves the speed.
 *
 * <p>The code is what HotSpot prints as bytes, for which it needs no disassembler. Instructions are found by their first
 * bytes (Intel's manual, volume 2, "Intel AVX encoding" and "EVEX encoding").
 */
@Tag("vector")
final class SpillTest {
    private static final Pattern BYTES = Pattern.compile("\\s*0x[0-9a-f]+:\\s+([0-9a-f |]+?)\\s*");

    /** What precedes the first multiply-add of a loop: loads, indices and checks. */
    private static final int LOOP_HEAD = 128;

    /** The version of Java whose compiler the kernels are written for; 21's keeps two sums of 24 on the stack. */
    private static final int TUNED = 25;

    /** Rows of so few tiles that each has a call of its own. */
    private static final int FEW = 30;

    private static final int MANY = 192;

    private static final int FMADD_231_PS = 0xB8;
    private static final int LONGEST_INSTRUCTION = 15;

    @TempDir
    private Path folder = Path.of("");

    /** A kernel, the product that runs it, and its rows. */
    static List<Arguments> kernels() {
        return Blocking.MANY_REGISTERS
                ? List.of(
                        Arguments.of("RowMicroKernels::kernel6x4", "AB", FEW),
                        Arguments.of("RowMicroKernels::tiles6x4", "AB", MANY),
                        Arguments.of("RowStridedMicroKernels::kernel5x4", "IN_PLACE", FEW),
                        Arguments.of("RowStridedMicroKernels::tiles5x4", "IN_PLACE", MANY),
                        Arguments.of("ColumnMicroKernels::kernel12x2", "ATB", MANY))
                : List.of(
                        Arguments.of("RowStridedMicroKernels::kernel5x2", "AB", MANY),
                        Arguments.of("RowStridedMicroKernels::kernel5x2", "IN_PLACE", FEW),
                        Arguments.of("ColumnStridedMicroKernels::kernel5x2", "ATB", MANY));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void sumsStayInRegisters(final String kernel, final String product, final int rows) throws Exception {
        expectNoSpill(kernel, "-Dproduct=" + product, "-Drows=" + rows);
    }

    private void expectNoSpill(final String kernel, final String... product) throws Exception {
        assumeTrue(System.getProperty("os.arch", "").equals("amd64"), "the encoding is that of x86-64");
        assumeTrue(Runtime.version().feature() == TUNED, "compilers of other versions choose registers otherwise");
        final List<String> flags = new ArrayList<>(List.of(
                ChildJvm.VECTOR_MODULE,
                "-Dlanewise.kernels=simd",
                "-D" + Machine.WIDTH + "=" + Simd.FLOATS.vectorBitSize(),
                "-XX:+UnlockDiagnosticVMOptions",
                "-Xbatch",
                "-XX:CompileCommand=print,io.lanewise.simd." + kernel));
        flags.addAll(List.of(product));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("-XX:UseAVX=") || flag.startsWith("-XX:MaxVectorSize="))
                .forEach(flags::add);
        final ChildJvm child = ChildJvm.run(folder, Products.class, flags.toArray(new String[0]));
        assumeTrue(
                child.output().stream().noneMatch(line -> line.contains("[Disassembly]")),
                "hsdis is installed, so HotSpot prints assembly instead of bytes");
        final byte[] code = lastCode(child.output());
        final List<Integer> sums = new ArrayList<>();
        final List<Integer> moves = new ArrayList<>();
        for (int at = 0; at < code.length - LONGEST_INSTRUCTION; at++) {
            final Vex vex = Vex.at(code, at);
            if (vex.map == 2 && vex.opcode == FMADD_231_PS) {
                sums.add(at);
            } else if (vex.map == 1 && vex.movesVector() && onStack(code, vex.operands)) {
                moves.add(at);
            }
        }
        assertTrue(sums.size() >= 8, kernel + " has " + sums.size() + " multiply-adds: its code was not understood");
        final int from = sums.getFirst() - LOOP_HEAD;
        final int to = sums.getLast();
        assertEquals(0, moves.stream().filter(at -> at > from && at < to).count(), "spills in the loop of " + kernel);
    }

    /**
     * The first bytes of an instruction on vectors.
     *
     * @param map of its opcode; −1 if it is no such instruction
     * @param prefix 0 for none, 1 for 66, 2 for F3, 3 for F2
     * @param operands where the byte behind the opcode is
     */
    private record Vex(int map, int prefix, int opcode, int operands) {
        static Vex at(final byte[] code, final int at) {
            return switch (code[at] & 0xFF) {
                case 0x62 -> of(code[at + 1] & 7, code[at + 2], code, at + 4);
                case 0xC4 -> of(code[at + 1] & 31, code[at + 2], code, at + 3);
                case 0xC5 -> of(1, code[at + 1], code, at + 2);
                default -> new Vex(-1, 0, 0, 0);
            };
        }

        private static Vex of(final int map, final byte prefix, final byte[] code, final int opcodeAt) {
            return new Vex(map, prefix & 3, code[opcodeAt] & 0xFF, opcodeAt + 1);
        }

        boolean movesVector() {
            return switch (opcode) {
                case 0x10, 0x11, 0x28, 0x29 -> prefix <= 1; // movups, movapd and the like; movss has F3
                case 0x6F, 0x7F -> prefix == 1 || prefix == 2; // movdqa, movdqu
                default -> false;
            };
        }
    }

    /** Whether the operand is in memory at an address that counts from the stack pointer, without an index. */
    private static boolean onStack(final byte[] code, final int operands) {
        final int modRm = code[operands] & 0xFF;
        return modRm < 0xC0 && (modRm & 7) == 4 && code[operands + 1] == 0x24;
    }

    /** The last version of the code that C2 made. */
    private static byte[] lastCode(final List<String> output) {
        final StringBuilder bytes = new StringBuilder();
        boolean second = false;
        boolean inside = false;
        for (final String line : output) {
            if (line.contains("-compiled")) {
                second = line.contains("C2-compiled");
            } else if (line.contains("[MachCode]")) {
                inside = second;
                if (inside) {
                    bytes.setLength(0);
                }
            } else if (line.contains("[/MachCode]")) {
                inside = false;
            } else if (inside) {
                final Matcher matcher = BYTES.matcher(line);
                if (matcher.matches()) {
                    bytes.append(matcher.group(1).replaceAll("[ |]", ""));
                }
            }
        }
        return HexFormat.of().parseHex(bytes);
    }

    /** The main class of a child: products until C2 has compiled their kernel. */
    static final class Products {
        private static final int SIZE = MANY;

        /** So few columns that B is not packed. */
        private static final int NARROW = 64;

        private static final int CALLS = 3000;

        private Products() {}

        public static void main(final String[] arguments) {
            final String product = System.getProperty("product");
            final int rows = Integer.getInteger("rows");
            final Gemm op = "ATB".equals(product) ? Gemm.ATB : Gemm.AB;
            final Kernels kernels = Backends.best();
            final float[] a = new float[SIZE * SIZE];
            final float[] b = new float[SIZE * SIZE];
            final float[] c = new float[SIZE * SIZE];
            final PackedMatrix packed = kernels.pack(SIZE, SIZE, b, 0, SIZE);
            final Scratchpad scratchpad = kernels.scratchpad(SIZE, SIZE, SIZE);
            for (int i = 0; i < CALLS; i++) {
                if ("IN_PLACE".equals(product)) {
                    kernels.gemm(op, rows, NARROW, SIZE, a, 0, SIZE, b, 0, NARROW, null, 0, c, 0, NARROW, scratchpad);
                } else {
                    kernels.gemm(op, rows, a, 0, SIZE, packed, null, 0, c, 0, SIZE, scratchpad);
                }
            }
        }
    }
}
