package dev.flopscope.backend.cuda.driver;

import com.sun.jna.NativeLibrary;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds NVIDIA's libraries. They are looked for where the property {@value #PROPERTY} says, then by the system's loader, then
 * under {@code /usr/local/cuda*}, and then in the folders that Python's wheels of CUDA are installed in.
 */
final class CudaLibraries {
    /** A list of folders or files, separated as in {@code java.class.path}; it is looked in before anything else. */
    static final String PROPERTY = "flopscope.cuda.libraries";

    private static final List<String> TOOLKITS =
            List.of("lib64", "lib", "targets/x86_64-linux/lib", "targets/sbsa-linux/lib");
    private static final List<String> PYTHON_ROOTS =
            List.of("/usr/lib", "/usr/local/lib", "/opt/conda/lib", "/opt/venv/lib", "/venv/lib");

    private final List<Path> asked;
    private final List<Path> known;
    /** What is not bound is unloaded once nobody holds it. */
    private final List<NativeLibrary> kept = new ArrayList<>();

    private CudaLibraries(List<Path> asked, List<Path> known) {
        this.asked = asked;
        this.known = known;
    }

    /** The places of this machine, which are looked for once. */
    static CudaLibraries ofThisMachine() {
        List<Path> asked = Arrays.stream(System.getProperty(PROPERTY, "").split(File.pathSeparator))
                .filter(part -> !part.isBlank())
                .map(Path::of)
                .toList();
        Set<Path> known = new LinkedHashSet<>();
        for (Path toolkit : matching(Path.of("/usr/local"), "cuda*")) {
            TOOLKITS.forEach(folder -> known.add(toolkit.resolve(folder)));
        }
        for (Path python : pythons()) {
            for (String packages : List.of("site-packages", "dist-packages")) {
                for (Path wheel : matching(python.resolve(packages).resolve("nvidia"), "*")) {
                    known.add(wheel.resolve("lib"));
                }
            }
        }
        return new CudaLibraries(asked, real(known));
    }

    private static List<Path> real(Collection<Path> places) {
        return places.stream()
                .filter(Files::exists)
                .map(CudaLibraries::real)
                .distinct()
                .toList();
    }

    /** The place itself, so that a link to it is not looked at as well. */
    private static Path real(Path place) {
        try {
            return place.toRealPath();
        } catch (IOException e) {
            return place;
        }
    }

    private static List<Path> pythons() {
        List<Path> roots = new ArrayList<>();
        Optional.ofNullable(System.getenv("VIRTUAL_ENV"))
                .ifPresent(environment -> roots.add(Path.of(environment, "lib")));
        Optional.ofNullable(System.getenv("CONDA_PREFIX"))
                .ifPresent(environment -> roots.add(Path.of(environment, "lib")));
        roots.add(Path.of(System.getProperty("user.home", "/"), ".local", "lib"));
        PYTHON_ROOTS.forEach(root -> roots.add(Path.of(root)));
        List<Path> pythons = new ArrayList<>();
        roots.forEach(root -> pythons.addAll(matching(root, "python3*")));
        return pythons;
    }

    /** Entries of a folder by a pattern, the last in the alphabet first, so that newer versions come before older ones. */
    private static List<Path> matching(Path folder, String pattern) {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, pattern)) {
                entries.forEach(found::add);
            } catch (IOException e) {
                // A folder that cannot be read holds nothing that could be loaded.
                return List.of();
            }
        }
        found.sort((one, other) -> other.compareTo(one));
        return found;
    }

    /**
     * Loads a library.
     *
     * @param what it is, for the message
     * @param names its file names, the one to be preferred first
     * @param companions a pattern of files beside it that it loads by name, if it does, and which the system's loader may not find there
     * @throws UnsatisfiedLinkError if it is nowhere, or cannot be loaded; the message says what was looked for and where
     */
    NativeLibrary load(String what, List<String> names, Optional<String> companions) {
        List<String> failures = new ArrayList<>();
        for (String name : names) {
            for (String candidate : candidates(name)) {
                try {
                    companions.ifPresent(pattern -> loadCompanions(candidate, pattern));
                    return NativeLibrary.getInstance(candidate);
                } catch (UnsatisfiedLinkError e) {
                    if (Files.exists(Path.of(candidate))) {
                        failures.add(String.valueOf(e.getMessage())
                                .lines()
                                .findFirst()
                                .orElse(name));
                    }
                }
            }
        }
        throw new UnsatisfiedLinkError(what + " cannot be loaded: looked for " + String.join(" and ", names)
                + " by the system's loader" + where()
                + (failures.isEmpty() ? "" : "; " + String.join("; ", failures))
                + ". The property " + PROPERTY + " may name other folders");
    }

    private void loadCompanions(String candidate, String pattern) {
        Path folder = Path.of(candidate).getParent();
        if (folder == null) {
            return;
        }
        for (Path companion : matching(folder, pattern)) {
            try {
                kept.add(NativeLibrary.getInstance(companion.toString()));
            } catch (UnsatisfiedLinkError e) {
                // Whether it was needed shows when the library itself is loaded.
            }
        }
    }

    /** Where a library may be, the place to be preferred first. A name without a folder is for the system's loader. */
    private List<String> candidates(String name) {
        List<String> candidates = new ArrayList<>();
        asked.forEach(place -> add(candidates, place, name));
        candidates.add(name);
        known.forEach(place -> add(candidates, place, name));
        return candidates;
    }

    private static void add(List<String> candidates, Path place, String name) {
        if (!Files.isDirectory(place)) {
            candidates.add(place.toString());
        } else if (Files.exists(place.resolve(name))) {
            candidates.add(place.resolve(name).toString());
        }
    }

    private String where() {
        List<Path> places = Stream.concat(asked.stream(), known.stream()).toList();
        return places.isEmpty()
                ? ""
                : " and in " + places.stream().map(Path::toString).collect(Collectors.joining(", "));
    }
}
