package dev.flopscope.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.flopscope.counter.FlopFormula;
import dev.flopscope.counter.OperationCount;
import dev.flopscope.counter.RegionCount;
import dev.flopscope.nd4j.ArrayShape;
import dev.flopscope.nd4j.Operation;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What programs of others may rely on is as it was; {@code -Dapi.update=true} writes it anew. It is what the rooms for them
 * make public, and what stands in their signatures.
 */
class PublicApiTest {
    private static final Path FILE = Path.of("src/test/resources/api.txt");

    private static final List<Class<?>> IN_SIGNATURES =
            List.of(FlopFormula.class, RegionCount.class, OperationCount.class, Operation.class, ArrayShape.class);

    @Test
    void signaturesAreAsTheyWere() throws IOException {
        String now = Stream.concat(rooms(), IN_SIGNATURES.stream())
                .sorted(Comparator.comparing(Class::getName))
                .map(PublicApiTest::describe)
                .collect(Collectors.joining("\n"));
        if (Boolean.getBoolean("api.update")) {
            Files.writeString(FILE, now);
        }
        assertThat(FILE).hasContent(now);
    }

    private static Stream<Class<?>> rooms() {
        return new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("dev.flopscope.api", "dev.flopscope.junit", "dev.flopscope.jmh")
                        .stream()
                        .<Class<?>>map(JavaClass::reflect)
                        .filter(type -> Modifier.isPublic(type.getModifiers()));
    }

    private static String describe(Class<?> type) {
        return type.getName() + "\n"
                + Stream.concat(Arrays.stream(type.getConstructors()), Arrays.stream(type.getDeclaredMethods()))
                        .filter(member -> Modifier.isPublic(member.getModifiers()) && !member.isSynthetic())
                        .map(PublicApiTest::signature)
                        .sorted()
                        .map(signature -> "    " + signature + "\n")
                        .collect(Collectors.joining());
    }

    private static String signature(Executable member) {
        String parameters = Arrays.stream(member.getGenericParameterTypes())
                .map(java.lang.reflect.Type::getTypeName)
                .collect(Collectors.joining(", ", "(", ")"));
        return member instanceof Constructor
                ? "new" + parameters
                : member.getName() + parameters + " : "
                        + ((Method) member).getGenericReturnType().getTypeName();
    }
}
