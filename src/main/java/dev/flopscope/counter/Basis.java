package dev.flopscope.counter;

/** How the FLOPs of an operation are known. */
public enum Basis {
    /** The operation is a product of matrices or vectors, whose extents were read from its operands. */
    OBSERVED("observed"),
    /** The operation holds products that cannot be seen from outside: a formula of its arrays' shapes says how many. */
    DECLARED("declared"),
    /** The operation may hold products, and there is no formula for it. */
    UNCOUNTED("uncounted");

    private final String label;

    Basis(String label) {
        this.label = label;
    }

    /** The word in tables and files. */
    public String label() {
        return label;
    }
}
