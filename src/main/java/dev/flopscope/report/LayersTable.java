package dev.flopscope.report;

import dev.flopscope.profile.Branch;
import dev.flopscope.profile.Profile;
import dev.flopscope.report.Document.Column;
import dev.flopscope.report.Document.Table;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The median pass, a row a layer and a column for each kind of product and step in it. */
final class LayersTable {
    private LayersTable() {}

    static Table of(Profile profile, ProfileWords words) {
        List<Branch> layers = profile.tree().parts().stream()
                .filter(part -> !part.parts().isEmpty())
                .toList();
        Set<String> names = new LinkedHashSet<>();
        layers.forEach(layer -> layer.parts().forEach(part -> names.add(part.name())));
        List<Column> columns = new ArrayList<>(List.of(Column.text("layer"), Column.number("all")));
        names.forEach(name -> columns.add(Column.number(name)));
        return new Table(
                "Milliseconds of the median pass by layer",
                columns,
                layers.stream().map(layer -> row(layer, names, words)).toList());
    }

    private static List<String> row(Branch layer, Set<String> names, ProfileWords words) {
        List<String> row = new ArrayList<>(List.of(layer.name(), words.milliseconds(layer.nanoseconds())));
        for (String name : names) {
            long nanoseconds = layer.parts().stream()
                    .filter(part -> part.name().equals(name))
                    .mapToLong(Branch::nanoseconds)
                    .sum();
            row.add(words.milliseconds(nanoseconds));
        }
        return row;
    }
}
