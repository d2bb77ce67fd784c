package org.postern.testkit;

import java.lang.reflect.Proxy;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** A Configuration Admin in memory, which counts the updates of each PID. */
public final class FakeConfigurations {

    /** Properties by PID. */
    public final Map<String, Dictionary<String, Object>> stored = new TreeMap<>();
    /** How often each PID was updated. */
    public final Map<String, Integer> updates = new TreeMap<>();

    /** Stores settings as File Install would after reading them from etc/. */
    public void file(String pid, Map<String, ?> values) {
        @SuppressWarnings("JdkObsolete") // what a Configuration takes
        Hashtable<String, Object> properties = new Hashtable<>(values);
        properties.put("service.pid", pid);
        properties.put("felix.fileinstall.filename", "file:/opt/postern/etc/" + pid + ".cfg");
        stored.put(pid, properties);
    }

    /** One of the settings in force of a part; null where there is none. */
    public Object inForce(String pid, String key) {
        Dictionary<String, Object> properties = stored.get("inforce." + pid);
        return properties == null ? null : properties.get(key);
    }

    /** The service. */
    public ConfigurationAdmin admin() {
        return (ConfigurationAdmin) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ConfigurationAdmin.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "getConfiguration" -> configuration((String) args[0]);
                    case "listConfigurations" -> list((String) args[0]);
                    default -> throw new IllegalStateException(method.getName());
                });
    }

    private Configuration[] list(String filter) {
        String pid = filter.replaceFirst("\\(service.pid=(.*)\\)", "$1");
        Configuration[] found = stored.keySet().stream()
                .filter(each ->
                        pid.endsWith("*") ? each.startsWith(pid.substring(0, pid.length() - 1)) : each.equals(pid))
                .map(this::configuration)
                .toArray(Configuration[]::new);
        return found.length == 0 ? null : found;
    }

    @SuppressWarnings("unchecked")
    private Configuration configuration(String pid) {
        return (Configuration) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Configuration.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "getPid" -> pid;
                    case "getProperties" -> stored.get(pid);
                    case "delete" -> {
                        stored.remove(pid);
                        yield null;
                    }
                    case "update" -> {
                        stored.put(pid, (Dictionary<String, Object>) args[0]);
                        updates.merge(pid, 1, Integer::sum);
                        yield null;
                    }
                    default -> throw new IllegalStateException(method.getName());
                });
    }
}
