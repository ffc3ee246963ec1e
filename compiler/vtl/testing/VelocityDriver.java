import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.*;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.VelocityEngine;
import org.apache.velocity.runtime.RuntimeConstants;
import org.apache.velocity.runtime.RuntimeServices;
import org.apache.velocity.runtime.log.LogChute;

/**
 * Renders templates with the Java engine. Reads cases from standard input, one JSON array per line: [template, {variable: value}];
 * writes per case one line: "O" or "E", a blank, and the output or error in base64 (UTF-8).
 * "bench N" as arguments renders every case N times and writes the nanoseconds of the fastest of five rounds instead.
 */
public class VelocityDriver {
  static final class Quiet implements LogChute {
    public void init(RuntimeServices services) {}
    public void log(int level, String message) {}
    public void log(int level, String message, Throwable error) {}
    public boolean isLevelEnabled(int level) { return false; }
  }

  static VelocityEngine engine() throws Exception {
    VelocityEngine engine = new VelocityEngine();
    engine.setProperty(RuntimeConstants.RUNTIME_LOG_LOGSYSTEM, new Quiet());
    engine.setProperty(RuntimeConstants.UBERSPECT_CLASSNAME, "org.apache.velocity.util.introspection.SecureUberspector");
    engine.setProperty("resource.loader", "string");
    engine.setProperty("string.resource.loader.class", "org.apache.velocity.runtime.resource.loader.StringResourceLoader");
    engine.setProperty("velocimacro.library", "");
    engine.init();
    return engine;
  }

  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, "UTF-8");
    System.setOut(System.err);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    boolean bench = args.length == 2 && args[0].equals("bench");
    int rounds = bench ? Integer.parseInt(args[1]) : 0;
    VelocityEngine shared = engine();
    int number = 0;
    for (String line; (line = in.readLine()) != null; number++) {
      List<?> parts = (List<?>) new Json(line).read();
      String template = (String) parts.get(0);
      if (bench) { bench(shared, template, (Map<?, ?>) parts.get(1), rounds, number, out); continue; }
      String result;
      try {
        // Macros outlive a template in an engine: those get one of their own.
        boolean own = template.contains("macro");
        StringWriter writer = new StringWriter();
        (own ? engine() : shared).evaluate(context((Map<?, ?>) parts.get(1)), writer, "t" + number, template);
        result = "O " + encode(writer.toString());
      } catch (Throwable error) {
        result = "E " + encode(String.valueOf(error.getMessage()));
      }
      out.println(result);
    }
    out.flush();
  }

  static void bench(VelocityEngine engine, String template, Map<?, ?> values, int rounds, int number, PrintStream out) throws Exception {
    org.apache.velocity.runtime.resource.loader.StringResourceLoader.getRepository().putStringResource("b" + number, template);
    org.apache.velocity.Template compiled = engine.getTemplate("b" + number);
    long best = Long.MAX_VALUE;
    long length = 0;
    for (int round = 0; round < 5; round++) {
      long start = System.nanoTime();
      for (int i = 0; i < rounds; i++) {
        StringWriter writer = new StringWriter();
        compiled.merge(context(values), writer);
        length += writer.getBuffer().length();
      }
      best = Math.min(best, (System.nanoTime() - start) / rounds);
    }
    out.println(best + " " + length);
  }

  static VelocityContext context(Map<?, ?> values) {
    VelocityContext context = new VelocityContext();
    for (Map.Entry<?, ?> entry : values.entrySet()) {
      Object value = entry.getValue();
      if ("input".equals(entry.getKey())) value = new Input((Map<?, ?>) value);
      if ("util".equals(entry.getKey())) value = new Util();
      context.put((String) entry.getKey(), value);
    }
    return context;
  }

  static String encode(String text) { return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)); }

  /** $input over a body given as JSON text: definite paths of names and indexes only. */
  public static final class Input {
    private final String body;
    private final Map<?, ?> params;
    private Object parsed;
    Input(Map<?, ?> source) { body = (String) source.get("body"); params = (Map<?, ?>) source.get("params"); }
    public String getBody() { return body; }
    public Object path(String path) {
      if (parsed == null) parsed = new Json(body).read();
      Object value = parsed;
      for (String step : path.substring(1).split("[.\\[\\]]+")) {
        if (step.isEmpty() || value == null) continue;
        if (value instanceof Map) value = ((Map<?, ?>) value).get(step);
        else if (value instanceof List) value = ((List<?>) value).get(Integer.parseInt(step));
        else value = null;
      }
      return value;
    }
    public String json(String path) { return Json.write(path(path)); }
    public Object params() { return params; }
    public Object params(String name) {
      for (String place : new String[] {"path", "querystring", "header"}) {
        Object value = ((Map<?, ?>) params.get(place)).get(name);
        if (value != null) return value;
      }
      return "";
    }
  }

  public static final class Util {
    public String escapeJavaScript(String text) { return org.apache.commons.lang.StringEscapeUtils.escapeJavaScript(text); }
    public Object parseJson(String text) { return new Json(text).read(); }
    public String urlEncode(String text) throws Exception { return java.net.URLEncoder.encode(text, "UTF-8"); }
    public String urlDecode(String text) throws Exception { return java.net.URLDecoder.decode(text, "UTF-8"); }
    public String base64Encode(String text) { return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)); }
    public String base64Decode(String text) { return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8); }
  }

  /** JSON into LinkedHashMap, ArrayList, String, Boolean, Integer, Long, BigInteger, Double. */
  static final class Json {
    private final String text;
    private int at;
    Json(String text) { this.text = text; }
    private char peek() { while (at < text.length() && Character.isWhitespace(text.charAt(at))) at++; return at < text.length() ? text.charAt(at) : 0; }
    Object read() {
      char c = peek();
      if (c == '{') {
        Map<Object, Object> map = new LinkedHashMap<>();
        at++;
        if (peek() == '}') { at++; return map; }
        do { Object key = read(); peek(); at++; map.put(key, read()); } while (peek() == ',' && at++ >= 0);
        at++;
        return map;
      }
      if (c == '[') {
        List<Object> list = new ArrayList<>();
        at++;
        if (peek() == ']') { at++; return list; }
        do list.add(read()); while (peek() == ',' && at++ >= 0);
        at++;
        return list;
      }
      if (c == '"') {
        StringBuilder out = new StringBuilder();
        for (at++; text.charAt(at) != '"'; at++) {
          char d = text.charAt(at);
          if (d != '\\') { out.append(d); continue; }
          d = text.charAt(++at);
          switch (d) {
            case 'u': out.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16)); at += 4; break;
            case 'n': out.append('\n'); break;
            case 't': out.append('\t'); break;
            case 'r': out.append('\r'); break;
            case 'b': out.append('\b'); break;
            case 'f': out.append('\f'); break;
            default: out.append(d);
          }
        }
        at++;
        return out.toString();
      }
      if (text.startsWith("true", at)) { at += 4; return Boolean.TRUE; }
      if (text.startsWith("false", at)) { at += 5; return Boolean.FALSE; }
      if (text.startsWith("null", at)) { at += 4; return null; }
      int start = at;
      while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) at++;
      String number = text.substring(start, at);
      if (number.matches("-?[0-9]+")) {
        java.math.BigInteger integer = new java.math.BigInteger(number);
        if (integer.bitLength() < 32) return integer.intValue();
        if (integer.bitLength() < 64) return integer.longValue();
        return integer;
      }
      return Double.valueOf(number);
    }
    static String write(Object value) {
      if (value instanceof Map) {
        StringBuilder out = new StringBuilder("{");
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) out.append(out.length() == 1 ? "" : ",").append(write(entry.getKey())).append(':').append(write(entry.getValue()));
        return out.append('}').toString();
      }
      if (value instanceof List) {
        StringBuilder out = new StringBuilder("[");
        for (Object item : (List<?>) value) out.append(out.length() == 1 ? "" : ",").append(write(item));
        return out.append(']').toString();
      }
      if (!(value instanceof String)) return String.valueOf(value);
      StringBuilder out = new StringBuilder("\"");
      for (char c : ((String) value).toCharArray()) {
        switch (c) {
          case '"': out.append("\\\""); break;
          case '\\': out.append("\\\\"); break;
          case '\n': out.append("\\n"); break;
          case '\r': out.append("\\r"); break;
          case '\t': out.append("\\t"); break;
          case '\b': out.append("\\b"); break;
          case '\f': out.append("\\f"); break;
          default: if (c < 32) out.append(String.format("\\u%04x", (int) c)); else out.append(c);
        }
      }
      return out.append('"').toString();
    }
  }
}
