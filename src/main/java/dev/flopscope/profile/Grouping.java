package dev.flopscope.profile;

import dev.flopscope.count.MatmulSite;

/** Which products are added up to one hotspot. */
public enum Grouping {
    /** One kind of product, in all layers. */
    KIND("kind"),
    /** All products of a layer; the LM head, which is in none, by itself. */
    LAYER("layer"),
    /** One kind in one layer. */
    SITE("site");

    private final String label;

    Grouping(String label) {
        this.label = label;
    }

    /** The value of {@code --by}. */
    public String label() {
        return label;
    }

    @Override
    public String toString() {
        return label;
    }

    /** The name of the group that {@code site} belongs to. */
    String groupOf(MatmulSite site) {
        return switch (this) {
            case KIND -> site.kind().label();
            case LAYER -> site.kind().inEveryLayer() ? "layers." + site.layer() : site.toString();
            case SITE -> site.toString();
        };
    }
}
