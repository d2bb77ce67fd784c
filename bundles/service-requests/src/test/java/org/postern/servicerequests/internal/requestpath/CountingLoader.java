package org.postern.servicerequests.internal.requestpath;

import static net.bytebuddy.matcher.ElementMatchers.isAbstract;
import static net.bytebuddy.matcher.ElementMatchers.isDeclaredBy;
import static net.bytebuddy.matcher.ElementMatchers.isMethod;
import static net.bytebuddy.matcher.ElementMatchers.isSynthetic;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.not;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.util.Map;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.AsmVisitorWrapper;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.pool.TypePool;

/**
 * Loads the product's classes again with calls to {@link Counts} added; the product itself contains no counting code
 * for tests.
 */
final class CountingLoader extends ClassLoader {

    private static final String LIFE_CYCLE = "org.postern.servicerequests.internal.";
    private static final ElementMatcher.Junction<MethodDescription> CODE =
            isMethod().and(not(isAbstract())).and(not(isSynthetic())).and(not(isDeclaredBy(TypeDescription::isRecord)));
    /** Everything that makes something of a document's bytes. */
    private static final Map<String, ElementMatcher.Junction<MethodDescription>> READERS = Map.of(
            "org.postern.duis.internal.DocumentParser", named("parse").and(takesArguments(byte[].class, boolean.class)),
            "org.postern.duis.internal.JsonForm", named("object").and(takesArguments(byte[].class)));

    private static final String DATABASE = "org.postern.ledger.internal.Database";
    private static final String LEASE = DATABASE + "$Lease";

    CountingLoader(ClassLoader parent) {
        super(parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith("org.postern.") || name.equals(Counts.class.getName())) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null) {
                byte[] bytes = bytes(name);
                loaded = defineClass(name, bytes, 0, bytes.length);
            }
            return loaded;
        }
    }

    private byte[] bytes(String name) throws ClassNotFoundException {
        String file = name.replace('.', '/') + ".class";
        try (InputStream in = getParent().getResourceAsStream(file)) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            boolean product = !getParent().getResource(file).getPath().contains("/test-classes/");
            AsmVisitorWrapper advice = READERS.containsKey(name)
                    ? Advice.to(Read.class).on(READERS.get(name))
                    : name.equals(DATABASE)
                            ? Advice.to(Connected.class).on(named("writer"))
                            : name.equals(LEASE)
                                    ? Advice.to(Connected.class).on(named("connection"))
                                    : name.startsWith(LIFE_CYCLE) && product
                                            ? Advice.to(Entered.class).on(CODE)
                                            : null;
            return advice == null ? in.readAllBytes() : counting(name, advice);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] counting(String name, AsmVisitorWrapper advice) {
        return new ByteBuddy()
                .redefine(
                        TypePool.Default.of(getParent()).describe(name).resolve(),
                        ClassFileLocator.ForClassLoader.of(getParent()))
                .visit(advice)
                .make()
                .getBytes();
    }

    /** Put at the beginning of a method of the life cycle. */
    static final class Entered {

        private Entered() {}

        @Advice.OnMethodEnter
        static void enter(@Advice.Origin("#t") String type, @Advice.Origin("#m") String method) {
            Counts.entered(type, method);
        }
    }

    /** Put at the beginning of a method that reads a document. */
    static final class Read {

        private Read() {}

        @Advice.OnMethodEnter
        static void enter(@Advice.Origin("#t") String reader) {
            Counts.read(reader);
        }
    }

    /** Put at the end of what gives a connection. */
    static final class Connected {

        private Connected() {}

        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false) Connection connection) {
            connection = Counts.counting(connection);
        }
    }
}
