package org.postern.console.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.junit.jupiter.api.Test;
import org.postern.console.internal.command.StatusCommand;
import org.postern.testkit.Rtds;

/** Every command that is there has a line in its scope's ACL file, and every line a command. */
class AclTest {

    private static final Set<String> ROLES = Set.of("viewer", "operator", "security-officer", "admin");
    private static final Path ETC = Rtds.projectRoot().resolve("karaf-assembly/src/main/resources/etc");

    private static List<Class<?>> commands() throws Exception {
        Path folder = Path.of(
                        StatusCommand.class.getResource("StatusCommand.class").toURI())
                .getParent();
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString())
                    .filter(n -> n.endsWith("Command.class"))
                    .<Class<?>>map(n -> load(StatusCommand.class.getPackageName() + "." + n.replace(".class", "")))
                    .toList();
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Properties acl(String scope) {
        Properties lines = new Properties();
        try (InputStream in = Files.newInputStream(ETC.resolve("org.apache.karaf.command.acl." + scope + ".cfg"))) {
            lines.load(in);
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everyCommandHasItsLineAndAdminMayGiveIt() throws Exception {
        assertThat(commands()).hasSizeGreaterThanOrEqualTo(10).allSatisfy(type -> {
            Command command = type.getAnnotation(Command.class);
            assertThat(type.isAnnotationPresent(Service.class)).isTrue();
            assertThat(command.description()).isNotBlank();
            String roles = acl(command.scope()).getProperty(command.name());
            assertThat(roles).as(command.scope() + ":" + command.name()).isNotNull();
            assertThat(Arrays.stream(roles.split(",")).map(String::trim))
                    .contains("admin")
                    .isSubsetOf(ROLES);
        });
    }

    @Test
    void noLineIsForACommandThatIsNotThere() throws Exception {
        Set<String> names = Set.copyOf(commands().stream()
                .map(t -> t.getAnnotation(Command.class))
                .map(c -> c.scope() + ":" + c.name())
                .toList());
        for (String scope : List.of("dcc", "gbcs", "hsm", "audit")) {
            assertThat(acl(scope).getProperty("*"))
                    .as("a command without a line, scope %s", scope)
                    .isEqualTo("admin");
            assertThat(acl(scope).stringPropertyNames())
                    .filteredOn(name -> !name.equals("*"))
                    .allSatisfy(name -> assertThat(names).contains(scope + ":" + name));
        }
    }

    @Test
    void onlyReadingIsForViewers() {
        assertThat(acl("dcc").getProperty("submit")).doesNotContain("viewer");
        assertThat(acl("dcc").getProperty("top-up")).doesNotContain("viewer");
        assertThat(acl("dcc").getProperty("raise-counter"))
                .doesNotContain("viewer")
                .doesNotContain("operator");
        assertThat(acl("hsm").getProperty("test")).doesNotContain("viewer").doesNotContain("operator");
        assertThat(acl("audit").getProperty("tail")).doesNotContain("viewer");
    }
}
