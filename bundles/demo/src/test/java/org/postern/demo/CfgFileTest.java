package org.postern.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CfgFileTest {

    @TempDir
    Path folder;

    @Test
    void aSettingIsReplacedInItsPlaceWithAllItsLines() throws Exception {
        Path file = Files.write(folder.resolve("a.cfg"), List.of("# about", "keys = one, \\", "   two", "port=1"));
        new CfgFile(file).set("keys", "three").set("port", 2).set("new", "x").save();
        assertThat(Files.readAllLines(file)).containsExactly("# about", "keys = three", "port = 2", "new = x");
    }

    @Test
    void aValueOverSeveralLinesIsReadAsOne() throws Exception {
        Path file = Files.write(folder.resolve("a.cfg"), List.of("featuresBoot = \\", "  a, \\", "  b"));
        assertThat(new CfgFile(file).get("featuresBoot")).isEqualTo("a, b");
        assertThat(new CfgFile(file).get("none")).isEmpty();
    }
}
