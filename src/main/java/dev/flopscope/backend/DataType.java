package dev.flopscope.backend;

/** How an element of a tensor is stored. */
public enum DataType {
    /** IEEE 754 binary32. */
    FLOAT32("float32", 4);

    private final String label;
    private final int bytes;

    DataType(String label, int bytes) {
        this.label = label;
        this.bytes = bytes;
    }

    /** The name in reports. */
    public String label() {
        return label;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }
}
