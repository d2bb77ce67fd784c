package org.postern.console.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.security.Principal;
import java.security.PrivilegedExceptionAction;
import java.util.Set;
import javax.security.auth.Subject;
import org.apache.karaf.shell.api.console.Session;
import org.junit.jupiter.api.Test;

/** Who is on record as having given a command. */
class UserTest {

    /** As Karaf's login makes it; known by the simple name of its class. */
    private record UserPrincipal(String getName) implements Principal {}

    private static final class Command extends PosternCommand {

        private String seen;

        @Override
        protected void run(Services here, CommandOutput output) {
            seen = user();
        }
    }

    private static String seenBy(Command command) throws Exception {
        command.session = (Session) Proxy.newProxyInstance(
                UserTest.class.getClassLoader(),
                new Class<?>[] {Session.class},
                (proxy, method, arguments) -> method.getName().equals("get") ? "somebody else" : null);
        command.in(null, System.out, false);
        command.run(null, null);
        return command.seen;
    }

    @Test
    void itIsWhoLoggedInAndNotWhatTheSessionsVariableSays() throws Exception {
        Subject subject = new Subject(true, Set.of(new UserPrincipal("operator-1")), Set.of(), Set.of());

        assertThat(Subject.doAs(subject, (PrivilegedExceptionAction<String>) () -> seenBy(new Command())))
                .isEqualTo("operator-1");
        assertThat(seenBy(new Command())).isEmpty();
    }
}
