package dev.flopscope.convention;

import java.util.ArrayList;
import java.util.List;

/** Every way of counting that is known to differ from ours, in one list: what explains claims, and what has a name. */
public final class Conventions {
    private static final List<Convention> ALL = alone();

    private Conventions() {}

    private static List<Convention> alone() {
        List<Convention> all = new ArrayList<>(ProductConventions.all());
        all.addAll(CountingConventions.all());
        return List.copyOf(all);
    }

    /** Each by itself, in the order in which reports name those that cost the same. */
    public static List<Convention> all() {
        return ALL;
    }
}
