package dev.flopscope.backend.cpu.onednn;

import dev.flopscope.backend.cpu.memory.Matrix;

/** Code that transposes the rows of a panel; each thread has its own, and keeps it from one loader to the next. */
public final class PanelCode {
    private final OneDnn library;
    private final GeneratedCode<Key, Primitive> code = new GeneratedCode<>();

    private record Key(Panels panels, long columns, long rowStride) {}

    /** Generates nothing yet. */
    public PanelCode(OneDnn library) {
        this.library = library;
    }

    /**
     * Transposes, on this thread alone, as many rows as a panel is wide.
     *
     * @param rows the rows, of which the first {@code columns} floats are read
     * @param columns k
     * @param address of the panel, which is overwritten
     */
    void transpose(Panels panels, Matrix rows, long columns, long address) {
        code.get(new Key(panels, columns, rows.columns()), () -> generate(panels, columns, rows.columns()))
                .execute(rows.address(), address);
    }

    private Primitive generate(Panels panels, long columns, long rowStride) {
        library.useThreads(1);
        return Primitive.reorder(
                library, OneDnn.matrix(columns, panels.width(), 1, rowStride), panels.layout(columns, panels.width()));
    }
}
