@echo off
rem Starts Tidesync with the Java that JAVA_HOME names, or else the one on the PATH.
setlocal
for %%I in ("%~dp0..") do set "TIDESYNC_HOME=%%~fI"

if defined JAVA_HOME (
    set "JAVA=%JAVA_HOME%\bin\java.exe"
) else (
    set "JAVA=java.exe"
)
"%JAVA%" -version >nul 2>&1
if errorlevel 1 (
    echo tidesync: no Java found; install Java 17 or newer, or set JAVA_HOME 1>&2
    exit /b 1
)

"%JAVA%" -XX:+UseSerialGC %JAVA_OPTS% ^
    "-Dtidesync.home=%TIDESYNC_HOME%" ^
    "-Dlogback.configurationFile=%TIDESYNC_HOME%\conf\logback.xml" ^
    -cp "%TIDESYNC_HOME%\lib\*" dev.tidesync.cli.Main %*
exit /b %ERRORLEVEL%
