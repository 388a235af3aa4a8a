@echo off
rem Opens .segmark files with this Segmark, for this user; /uninstall takes that back.
rem The program stays in this folder: to move it, run this with /uninstall, move it, run it again.
setlocal
set CLASSES=HKCU\Software\Classes
set PROGRAM=%~dp0segmark.exe
if /i "%~1"=="/uninstall" goto uninstall
reg add "%CLASSES%\.segmark" /ve /d Segmark.Project /f >nul || goto failed
reg add "%CLASSES%\Segmark.Project" /ve /d "Segmark project" /f >nul || goto failed
reg add "%CLASSES%\Segmark.Project\DefaultIcon" /ve /d "\"%PROGRAM%\",0" /f >nul || goto failed
reg add "%CLASSES%\Segmark.Project\shell\open\command" /ve /d "\"%PROGRAM%\" \"%%1\"" /f >nul || goto failed
echo A double click on a .segmark file now opens Segmark.
exit /b 0

:uninstall
reg delete "%CLASSES%\.segmark" /f >nul 2>&1
reg delete "%CLASSES%\Segmark.Project" /f >nul 2>&1
echo .segmark files no longer open Segmark; projects and settings were left alone.
exit /b 0

:failed
echo The registry could not be changed.
exit /b 2
