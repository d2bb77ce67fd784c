package org.postern.itests.survival;

import java.nio.file.Files;
import java.nio.file.Path;
import org.postern.testkit.Missing;

/**
 * The files of this build that a survival test needs. In CI their absence is a failure, elsewhere the test is skipped.
 */
final class Prerequisites {

    private Prerequisites() {}

    static Path distribution() {
        return file("postern.distribution", "build karaf-assembly");
    }

    static Path simulator() {
        return file("postern.simulator", "build simulator/dcc");
    }

    /** True where nothing is missing; reports nothing. */
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
