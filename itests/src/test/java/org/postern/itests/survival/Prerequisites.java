package org.postern.itests.survival;

import java.nio.file.Files;
import java.nio.file.Path;
import org.postern.testkit.Missing;

/** What this build must have made before a survival test can run. In CI its absence is a failure, elsewhere a skip. */
final class Prerequisites {

    private Prerequisites() {}

    static Path distribution() {
        return file("postern.distribution", "build karaf-assembly");
    }

    static Path simulator() {
        return file("postern.simulator", "build simulator/dcc");
    }

    /** True where nothing is missing; says nothing where something is. */
    static boolean met() {
        return there("postern.distribution") && there("postern.simulator");
    }

    private static boolean there(String property) {
        String value = System.getProperty(property, "");
        return !value.isEmpty() && Files.isRegularFile(Path.of(value));
    }

    private static Path file(String property, String remedy) {
        String value = System.getProperty(property, "");
        Path file = Path.of(value);
        if (!there(property)) {
            String message = "SKIPPED: system property " + property + " names no file (" + value + "): " + remedy;
            System.out.println(message);
            Missing.tool(message);
        }
        return file;
    }
}
