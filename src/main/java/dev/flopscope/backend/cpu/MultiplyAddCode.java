package dev.flopscope.backend.cpu;

import dev.flopscope.machine.MultiplyAddLoop;
import java.io.ByteArrayOutputStream;

/**
 * A loop of fused multiply-adds in x86-64 machine code, for what no compiler of Java does: it keeps {@value #ACCUMULATORS}
 * vectors in registers, each multiply-add waits only for the one before on its own vector, and nothing touches memory.
 * Units that start two of them a cycle and take four or five cycles for each need eight to ten vectors to be busy.
 *
 * <p>As C would declare it, in the calling convention of Linux (first argument in {@code rdi}, second in {@code rsi}, all
 * vector registers free to use):
 *
 * <pre>{@code
 * void loop(float registers[14][lanes], long iterations)   // registers: 12 accumulators, factor, summand
 *     do { twice: for each accumulator x: x = factor * x + summand; } while (--iterations != 0);
 *     // and the accumulators are written back to where they came from
 * }</pre>
 *
 * <p>Encodings are those of Intel's Software Developer's Manual, volume 2: chapter 2 for the prefixes, the pages of the
 * instructions for opcodes.
 */
final class MultiplyAddCode {
    static final int ACCUMULATORS = 12;
    /** Registers that are loaded: the accumulators, the factor, the summand. */
    static final int REGISTERS = ACCUMULATORS + 2;

    private static final int FACTOR = ACCUMULATORS;
    private static final int SUMMAND = ACCUMULATORS + 1;
    private static final int ROUNDS = 2;

    /** The opcode map that begins with the bytes 0F, and the one with 0F 38. */
    private static final int MAP_0F = 1;

    private static final int MAP_0F38 = 2;
    /** Stand for the prefix bytes that older instructions have: none, and 66. */
    private static final int NO_PREFIX = 0;

    private static final int PREFIX_66 = 1;

    private final boolean wide;
    private final ByteArrayOutputStream code = new ByteArrayOutputStream();

    private MultiplyAddCode(MultiplyAddLoop loop) {
        this.wide = loop == MultiplyAddLoop.AVX512;
    }

    /** Floats in a vector of {@code loop}. */
    static int lanes(MultiplyAddLoop loop) {
        return loop == MultiplyAddLoop.AVX512 ? 16 : 8;
    }

    /** Multiply-adds of one iteration, all lanes together. */
    static long multiplyAdds(MultiplyAddLoop loop) {
        return (long) ROUNDS * ACCUMULATORS * lanes(loop);
    }

    /** The machine code with the vectors of {@code loop}. */
    static byte[] of(MultiplyAddLoop loop) {
        return new MultiplyAddCode(loop).assemble();
    }

    private byte[] assemble() {
        for (int register = 0; register < REGISTERS; register++) {
            move(0x10, register); // VMOVUPS register, [rdi + …]
        }
        int start = code.size();
        for (int round = 0; round < ROUNDS; round++) {
            for (int register = 0; register < ACCUMULATORS; register++) {
                multiplyAdd(register);
            }
        }
        bytes(0x48, 0xFF, 0xCE); // DEC rsi: REX.W, opcode FF /1
        bytes(0x0F, 0x85); // JNZ, by a distance of 32 bits from the end of the instruction
        int32(start - (code.size() + Integer.BYTES));
        for (int register = 0; register < ACCUMULATORS; register++) {
            move(0x11, register); // VMOVUPS [rdi + …], register
        }
        bytes(0xC5, 0xF8, 0x77); // VZEROUPPER, so that SSE code of the caller does not wait for upper halves
        bytes(0xC3); // RET
        return code.toByteArray();
    }

    /** VFMADD213PS register, factor, summand: register = factor·register + summand. */
    private void multiplyAdd(int register) {
        prefix(MAP_0F38, PREFIX_66, register, FACTOR, SUMMAND);
        bytes(0xA8, 0b11 << 6 | (register & 7) << 3 | (SUMMAND & 7)); // ModR/M of two registers
    }

    /** VMOVUPS between a register and its place at {@code rdi}. */
    private void move(int opcode, int register) {
        int rdi = 7;
        prefix(MAP_0F, NO_PREFIX, register, 0, rdi);
        bytes(
                opcode,
                0b10 << 6 | (register & 7) << 3 | rdi); // ModR/M of a register, and memory with a distance of 32 bits
        int32(register * (wide ? 64 : 32));
    }

    /**
     * The prefix of an AVX instruction: EVEX (bytes 62 P0 P1 P2) for vectors of 512 bits, three-byte VEX (C4 and two bytes)
     * for 256. The fourth bits of the registers' numbers are stored inverted. Where no instruction needs a mask, a broadcast
     * or a register from 16 on, P0 is VEX's first byte with the inverted fifth bit R' set, P1 is VEX's second, whose bit 2
     * is fixed in EVEX and means 256 bits in VEX, and P2 says 512 bits and no mask.
     *
     * @param register the register in ModR/M's middle field
     * @param second the register in the field vvvv, 0 if there is none
     * @param third the register in ModR/M's last field, or the base of the address
     */
    private void prefix(int map, int legacyPrefix, int register, int second, int third) {
        int highBits = (register < 8 ? 0x80 : 0) | 0x40 | (third < 8 ? 0x20 : 0); // R, X, B
        bytes(wide ? 0x62 : 0xC4, highBits | (wide ? 0x10 : 0) | map, (~second & 0xF) << 3 | 0b100 | legacyPrefix);
        if (wide) {
            bytes(0b0100_1000);
        }
    }

    private void bytes(int... values) {
        for (int value : values) {
            code.write(value);
        }
    }

    private void int32(int value) {
        bytes(value, value >> 8, value >> 16, value >> 24);
    }
}
