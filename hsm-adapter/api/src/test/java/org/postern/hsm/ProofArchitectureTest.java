package org.postern.hsm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.postern.testkit.Rtds;

/** Checks in the sources of the whole project that a proof cannot be created elsewhere. */
class ProofArchitectureTest {

    private static final Path ROOT = Rtds.projectRoot();
    private static final Pattern OWN_PACKAGE = Pattern.compile("(?m)^package org\\.postern\\.hsm;");

    private static List<String> sources(Predicate<String> content) {
        try (Stream<Path> files = Stream.of(
                        "bundles", "simulator", "camel-routes", "hsm-adapter", "itests", "benchmarks", "karaf-assembly")
                .map(ROOT::resolve)
                .filter(Files::isDirectory)
                .flatMap(ProofArchitectureTest::walk)) {
            return files.filter(
                            f -> f.toString().endsWith(".java") && f.toString().contains("src/main"))
                    .filter(f -> content.test(read(f)))
                    .map(f -> ROOT.relativize(f).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        }
    }

    @SuppressWarnings("StreamResourceLeak") // flatMap closes it
    private static Stream<Path> walk(Path folder) {
        try {
            return Files.walk(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void thePackageThatCanCreateProofsIsInThisBundleOnly() {
        assertThat(sources(text -> OWN_PACKAGE.matcher(text).find()))
                .isNotEmpty()
                .allMatch(f -> f.startsWith("hsm-adapter/api/"));
    }

    @Test
    void onlyTheBundleOfTheCorrelatorUsesTheMint() {
        assertThat(sources(text -> text.contains("ProofMint")))
                .isNotEmpty()
                .allMatch(f -> f.startsWith("hsm-adapter/api/")
                        || f.startsWith("hsm-adapter/contract/")
                        || f.startsWith("bundles/parse-correlate/"));
    }

    @Test
    void theSimulatorNeverUsesTheVault() {
        assertThat(sources(text -> text.contains("org.postern.hsm.KeyVault")))
                .noneMatch(f -> f.startsWith("simulator/"));
    }

    @Test
    void onlyTheProvidersUseRawKeys() {
        // a benchmark is not part of the distribution, and uses its own throwaway key
        assertThat(sources(text -> text.contains("RawKey")))
                .isNotEmpty()
                .allMatch(f -> f.startsWith("hsm-adapter/") || f.startsWith("benchmarks/"));
    }
}
