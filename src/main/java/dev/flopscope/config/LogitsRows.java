package dev.flopscope.config;

/** Of which tokens a pass computes logits. */
public enum LogitsRows {
    /** Of every token. */
    ALL("all"),
    /** Of the last token of each sequence alone, as inference engines do: in a prompt of several chunks, in its last one. */
    LAST("last");

    private final String label;

    LogitsRows(String label) {
        this.label = label;
    }

    /** The value of {@code --logits}. */
    public String label() {
        return label;
    }

    @Override
    public String toString() {
        return label;
    }
}
